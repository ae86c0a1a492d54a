"""The exporters that come with cardforge: one module a format."""
