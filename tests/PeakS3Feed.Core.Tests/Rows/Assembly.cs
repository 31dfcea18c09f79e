using System.Globalization;
using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using PeakS3Feed.Tests.Formats;

namespace PeakS3Feed.Tests.Rows;

/// <summary>What the tests of the assembler share.</summary>
internal static class Assembly
{
    public static readonly SourceObject Source = new("acme", "in/a.csv", "e", 1, DateTimeOffset.UnixEpoch);

    public static readonly RowAssemblerOptions Options = new() { FeedName = "orders" };

    public static FeedSchema Schema(params FeedColumn[] columns) => new(columns);

    public static FeedColumn Column(string name, ColumnType type, int scale = 0, bool nullable = true) => new(name, name, type, scale, nullable);

    public static CsvReader Csv(string text, CsvOptions? options = null)
        => new(new InputBuffer(new ChunkedStream(Encoding.UTF8.GetBytes(text), 5), 16), options ?? new CsvOptions(), Source.Uri);

    public static Task<AssembledBatch> Read(this RowAssembler assembler, RecordReader reader, RowBatch? reuse = null, long maxRejects = 100)
        => assembler.ReadAsync(reader, Source, reuse, maxRejects, CancellationToken.None).AsTask();

    public static Task<AssembledBatch> Read(FeedSchema schema, string csv, RowAssemblerOptions? options = null)
        => new RowAssembler(schema, options ?? Options).Read(Csv(csv));

    /// <summary>The rows with | between the values and ∅ for NULL.</summary>
    public static string[] Text(this AssembledBatch batch)
    {
        var rows = new string[batch.Rows.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            var values = new List<string>();
            foreach (var column in batch.Rows.Columns)
                values.Add(column.IsNull(row) ? "∅" : Value(column, row));
            rows[row] = string.Join('|', values);
        }

        foreach (var column in batch.Rows.Columns)
            Assert.Equal(batch.Rows.Count, column.Count);
        return rows;
    }

    public static string Types(this FeedSchema schema) => string.Join(' ', schema.Columns.Select(c => $"{c.Name}:{c.TypeName}"));

    private static string Value(ColumnVector vector, int row) => vector switch
    {
        Utf8Vector text => Encoding.UTF8.GetString(text[row]),
        FixedVector<bool> v => v[row] ? "true" : "false",
        FixedVector<long> v => v[row].ToString(CultureInfo.InvariantCulture),
        FixedVector<int> v => v[row].ToString(CultureInfo.InvariantCulture),
        FixedVector<double> v => v[row].ToString("R", CultureInfo.InvariantCulture),
        FixedVector<Int128> v => v[row].ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException(),
    };
}
