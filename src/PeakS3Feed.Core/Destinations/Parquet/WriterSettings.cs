using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>Decides how the columns of a file are encoded.</summary>
internal static class WriterSettings
{
    private const int ZstdLevel = 3;

    // Pages that are being filled, and dictionaries, are in memory uncompressed. Those of all columns together take no more than this.
    private const long PageMemory = 16 * 1024 * 1024;
    private const long MinPageBytes = 16 * 1024;
    private const long MaxPageBytes = 256 * 1024;
    private const long MaxDictionaryBytes = 1024 * 1024;

    private const int SampleRows = 8 * 1024; // a batch

    /// <summary>Creates the library's settings for a file. The caller disposes them.</summary>
    /// <param name="options">How to write.</param>
    /// <param name="columns">The first rows; may be empty.</param>
    /// <param name="fields">The columns.</param>
    /// <param name="from">The first row.</param>
    /// <param name="count">How many rows there are.</param>
    public static Native.WriterProperties Create(
        ParquetOptions options, IReadOnlyList<ColumnVector> columns, IReadOnlyList<ParquetField> fields, int from, int count)
    {
        var share = Math.Max(MinPageBytes, Math.Min(PageMemory, options.RowGroupBytes) / fields.Count);
        using var builder = new Native.WriterPropertiesBuilder();
        builder.MemoryPool(Native.MemoryPool.GetDefaultMemoryPool())
            .DataPagesize(Math.Min(share, MaxPageBytes))
            .DictionaryPagesizeLimit(Math.Min(share, MaxDictionaryBytes))
            .DisableDictionary();
        if (options.Compression == ParquetCompression.Zstd)
            builder.Compression(Native.Compression.Zstd).CompressionLevel(ZstdLevel);
        else
            builder.Compression(Native.Compression.Snappy);
        for (var i = 0; i < fields.Count; i++)
        {
            using var path = new Native.Schema.ColumnPath([fields[i].Column.Name]);
            if (i < columns.Count && RepeatsValues(columns[i], from, Math.Min(count, SampleRows)))
                builder.EnableDictionary(path);
            // The library leaves NaN out of a double's bounds. Engines that order NaN after all numbers would then skip rows that they look for.
            if (fields[i].Column.Type == ColumnType.Double)
                builder.DisableStatistics(path);
        }
        return builder.Build();
    }

    // A dictionary pays where values repeat: it costs a lookup for each value, and saves bytes that would have to be compressed.
    private static bool RepeatsValues(ColumnVector vector, int from, int count) => vector switch
    {
        Utf8Vector texts => Repeats(texts, from, count, static (v, row) => HashOf(v[row])),
        FixedVector<long> values => Repeats(values, from, count, static (v, row) => v[row].GetHashCode()),
        FixedVector<Int128> values => Repeats(values, from, count, static (v, row) => v[row].GetHashCode()),
        FixedVector<double> values => Repeats(values, from, count, static (v, row) => v[row].GetHashCode()),
        FixedVector<int> values => Repeats(values, from, count, static (v, row) => v[row]),
        _ => false,
    };

    private static bool Repeats<T>(T vector, int from, int count, Func<T, int, int> hash)
        where T : ColumnVector
    {
        var distinct = new HashSet<int>();
        var values = 0;
        for (var row = from; row < from + count; row++)
        {
            if (vector.IsNull(row))
                continue;
            values++;
            distinct.Add(hash(vector, row));
        }
        return distinct.Count * 4 <= values;
    }

    private static int HashOf(ReadOnlySpan<byte> text)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        return hash.ToHashCode();
    }
}
