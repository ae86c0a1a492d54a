"""Study sheets in plain text, for cardforge: an exporter, and a source that reads them back."""
