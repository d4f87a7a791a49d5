"""The engine: who could help with this. Pure: no Django, no clock, no database; numbers in, reasons and scores out."""
