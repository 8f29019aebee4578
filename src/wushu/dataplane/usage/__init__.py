"""How much each dataset is read: counted by declared client and by day, never by person."""
