"""Views: parse, call a selector or a service, render."""
