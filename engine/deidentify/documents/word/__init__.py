"""Word documents: a zip archive of XML parts, in many of which text hides."""
