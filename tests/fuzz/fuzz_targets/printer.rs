#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| terralet_fuzz::run(terralet_fuzz::Target::Printer, bytes));
