"""What a source text says: text in, names and sites out. Nothing here edits."""
