"""Which institution is which: rules over codes, names, places and distance, and what people answered."""
