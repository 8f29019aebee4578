"""Forms of the pages: labels, hints, and where a refusal is shown. The services decide."""
