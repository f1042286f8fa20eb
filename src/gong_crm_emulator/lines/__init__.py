"""Pure functions that judge the lines of an uploaded file."""
