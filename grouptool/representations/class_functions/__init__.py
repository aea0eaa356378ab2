"""Class functions as objects, and what follows from them: powers, induction, rational characters, Schur indices."""
