"""The sources that come with cardforge: one module a format."""
