using Olist.Formats.Columns;

namespace Olist.Pipeline.Datasets;

/// <summary>Gives the products English categories.</summary>
static class Categories
{
    /// <summary>Categories of the public dataset that its translation file forgot.</summary>
    static readonly (string Name, string English)[] Untranslated =
        [("pc_gamer", "gaming_pc"), ("portateis_cozinha_e_preparadores_de_alimentos", "portable_kitchen_and_food_preparators")];

    /// <summary>The products with <c>category</c> in place of their own name for it; a category without a translation keeps its name.</summary>
    public static RowBatch Translate(RowBatch products, RowBatch translation)
    {
        const string Own = "product_category_name";
        var names = products.Bytes(Own);
        var english = new ByteTable();
        var codes = EnglishCodes(translation, english, out var known);
        var coded = new int[names.Count];
        for (var row = 0; row < coded.Length; row++)
        {
            if (names.IsNull(row)) continue;
            var name = known.Find(names[row]);
            coded[row] = name >= 0 ? codes[name] : english.GetOrAdd(names[row], out _);
        }
        english.GetOrAdd(""u8, out _); // null rows have code 0, so there is always an entry
        var category = new BytesColumn(english.ToColumn(), coded, coded.Length, names.Validity);
        var place = products.IndexOf(Own);
        return new RowBatch(
            [.. products.Schema.Select((column, index) => index == place ? column with { Name = "category" } : column)],
            [.. products.Columns.Select((column, index) => index == place ? category : column)],
            products.RowCount);
    }

    static List<int> EnglishCodes(RowBatch translation, ByteTable english, out ByteTable known)
    {
        known = new ByteTable();
        var codes = new List<int>();
        var (names, translated) = (translation.Bytes("product_category_name"), translation.Bytes("product_category_name_english"));
        for (var row = 0; row < translation.RowCount; row++)
            if (known.GetOrAdd(names[row], out _) == codes.Count) codes.Add(english.GetOrAdd(translated[row], out _));
        foreach (var (name, inEnglish) in Untranslated)
            if (known.GetOrAdd(System.Text.Encoding.UTF8.GetBytes(name), out _) == codes.Count) codes.Add(english.GetOrAdd(System.Text.Encoding.UTF8.GetBytes(inEnglish), out _));
        return codes;
    }
}
