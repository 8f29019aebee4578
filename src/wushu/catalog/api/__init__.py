"""Thin HTTP: parse, call a selector, render. Metadata are public; nothing here asks who reads."""
