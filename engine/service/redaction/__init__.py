"""De-identification of a project's texts: what is found in them, previewed, judged, handed out."""
