"""Certificates as text: Markdown, LaTeX, HTML."""
