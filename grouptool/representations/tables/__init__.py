"""How character tables are made and proved: class matrices, closed forms, central blocks, direct products."""
