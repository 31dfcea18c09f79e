using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using CsvHelper.Configuration;
using Npgsql;
using NpgsqlTypes;
using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Peers;

/// <summary>The usual way in C#: CsvHelper reads, GetField types, NpgsqlBinaryImporter writes, in one transaction.</summary>
internal static class CsvHelperLoad
{
    public static async Task RunAsync(string packed, string table, string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var names = string.Join(", ", BenchColumn.All.Select(c => $"\"{c.Name}\""));
        await using (var importer = await connection.BeginBinaryImportAsync($"COPY \"{table}\" ({names}) FROM STDIN (FORMAT BINARY)"))
        {
            using var text = new StreamReader(new GZipStream(File.OpenRead(packed), CompressionMode.Decompress));
            using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
            Copy(csv, importer);
            await importer.CompleteAsync();
        }

        await transaction.CommitAsync();
    }

    // The synchronous calls are faster.
    private static void Copy(CsvReader csv, NpgsqlBinaryImporter importer)
    {
        csv.Read();
        csv.ReadHeader();
        while (csv.Read())
        {
            importer.StartRow();
            Write(importer, csv.GetField<long?>(0), NpgsqlDbType.Bigint);
            Write(importer, csv.GetField<long?>(1), NpgsqlDbType.Bigint);
            Write(importer, csv.GetField<decimal?>(2), NpgsqlDbType.Numeric);
            Write(importer, csv.GetField<DateOnly?>(3), NpgsqlDbType.Date);
            Write(importer, csv.GetField<DateTimeOffset?>(4)?.UtcDateTime, NpgsqlDbType.TimestampTz);
            Write(importer, csv.GetField<bool?>(5), NpgsqlDbType.Boolean);
            for (var column = 6; column < BenchColumn.All.Count; column++)
                WriteText(importer, csv.GetField(column));
        }
    }

    private static void WriteText(NpgsqlBinaryImporter importer, string? text)
    {
        if (string.IsNullOrEmpty(text))
            importer.WriteNull();
        else
            importer.Write(text, NpgsqlDbType.Text);
    }

    private static void Write<T>(NpgsqlBinaryImporter importer, T? value, NpgsqlDbType type)
        where T : struct
    {
        if (value is { } there)
            importer.Write(there, type);
        else
            importer.WriteNull();
    }
}
