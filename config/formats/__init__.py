"""What Django takes for a date, where that is not enough."""
