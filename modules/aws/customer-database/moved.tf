# What version 0.1 had without a number: it stands as it is, under another address.

moved {
  from = aws_db_instance.this
  to   = aws_db_instance.this[0]
}

moved {
  from = aws_db_parameter_group.this
  to   = aws_db_parameter_group.this[0]
}
