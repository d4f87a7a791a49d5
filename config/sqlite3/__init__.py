"""Database backend of the embedded shape (`ENGINE = "config.sqlite3"`)."""
