"""The report of a run: figures and a page that opens offline."""
