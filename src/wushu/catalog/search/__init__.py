"""Full-text search of the catalogue in Chinese, pinyin and Latin script."""
