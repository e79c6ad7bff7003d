"""Without the app: one table, read-only, straight from the lake. python folder.py /PATH/TO/.olist/lake gold.fact_order_detail"""
import pathlib
import sys

from pyiceberg.table import StaticTable

lake, table = sys.argv[1:3]
metadata = pathlib.Path(lake).resolve().joinpath(*table.split("."), "metadata")
version = int((metadata / "version-hint.text").read_text())
# The hint may be a moment behind: the highest version that exists is the current one.
while (metadata / f"v{version + 1}.metadata.json").exists():
    version += 1
print(StaticTable.from_metadata((metadata / f"v{version}.metadata.json").as_uri()).scan(limit=5).to_arrow())

# On S3 give the metadata file's address, and properties={"s3.endpoint": ..., "s3.access-key-id": ..., "s3.secret-access-key": ...}:
# StaticTable.from_metadata("s3://BUCKET/PREFIX/gold/fact_order_detail/metadata/v7.metadata.json", properties=...)
