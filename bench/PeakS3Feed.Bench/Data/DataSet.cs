using PeakS3Feed.Formats;

namespace PeakS3Feed.Bench.Data;

/// <summary>A file of rows in a folder of its own, which can be the path of a feed.</summary>
/// <param name="Name">The folder.</param>
/// <param name="Type">Its format.</param>
/// <param name="Bytes">The minimum size: the file ends with the row that reaches it. Null for the rows of another data set.</param>
/// <param name="RowsOf">The other data set.</param>
/// <param name="Packed">Whether there is a second folder, NAME-gz, with the same file compressed by gzip -6.</param>
internal sealed record DataSet(string Name, FileType Type, long? Bytes, string? RowsOf = null, bool Packed = false)
{
    private const long MiB = 1024 * 1024;

    /// <summary>All data sets.</summary>
    public static IReadOnlyList<DataSet> All { get; } =
    [
        new("csv-xs", FileType.Csv, 1 * MiB, Packed: true),
        new("csv-m", FileType.Csv, 20 * MiB, Packed: true),
        new("csv-s", FileType.Csv, 200 * MiB, Packed: true),
        new("csv-l", FileType.Csv, 1024 * MiB, Packed: true),
        new("ndjson-xs", FileType.Ndjson, Bytes: null, "csv-xs"),
        new("ndjson-m", FileType.Ndjson, Bytes: null, "csv-m"),
        new("ndjson-s", FileType.Ndjson, Bytes: null, "csv-s"),
        new("json-xs", FileType.Json, Bytes: null, "csv-xs"),
        new("json-m", FileType.Json, Bytes: null, "csv-m"),
        new("json-s", FileType.Json, Bytes: null, "csv-s"),
        new("json-3g", FileType.Json, 3072 * MiB),
    ];

    /// <summary>The size by name: XS, M, S, L, 3G.</summary>
    public string Size => Name[(Name.IndexOf('-', StringComparison.Ordinal) + 1)..].ToUpperInvariant();

    /// <summary>The name of the file in its folder.</summary>
    public string FileName => "rows." + Type.ToString().ToLowerInvariant();

    public IRowText Text => Type == FileType.Csv ? new CsvText() : new JsonText(Type == FileType.Json);

    public static DataSet Find(string name) => All.FirstOrDefault(s => s.Name == name) ?? throw new ArgumentException($"There is no data set {name}.");
}
