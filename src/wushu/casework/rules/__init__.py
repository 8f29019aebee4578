"""Pure decisions: calendars and clocks."""
