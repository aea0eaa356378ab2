"""The command line of grouptool."""
