"""The shipped data of grouptool; README.md says what it is and where it comes from."""
