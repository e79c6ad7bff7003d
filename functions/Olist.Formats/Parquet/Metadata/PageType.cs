namespace Olist.Formats.Parquet.Metadata;

enum PageType { Data = 0, Index = 1, Dictionary = 2, DataV2 = 3 }
