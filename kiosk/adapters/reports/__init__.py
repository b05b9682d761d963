"""Reports and paper lists as files: XLSX, CSV, PDF."""
