using System.Buffers;
using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The rules for tables on S3: the connection, the folder, the sizes of files, and the name of a table.</summary>
internal static class S3ExternalRules
{
    // A key has at most 1,024 bytes. The rest is for the root paths, the partitions and the file.
    private const int MaxTableBytes = 128;

    private static readonly SearchValues<char> NotInFolders = SearchValues.Create("/\\*?$=%#:\"'`<>|{}\u2028\u2029");

    /// <summary>Finds all problems of a definition.</summary>
    public static IEnumerable<DefinitionProblem> Check(S3ExternalDestination definition)
    {
        IEnumerable<DefinitionProblem?> problems =
        [
            CheckName(definition.ConnectionName),
            StagingRules.CheckPrefix(definition.RootPath, nameof(definition.RootPath), "tables"),
            Enum.IsDefined(definition.Compression)
                ? null : new(nameof(definition.Compression), $"There is no compression {definition.Compression}.", "Give Zstd or Snappy."),
            CheckSize(definition.FileSizeMiB, S3ExternalDestination.MaxFileSizeMiB, nameof(definition.FileSizeMiB), "data file"),
            CheckSize(definition.RowGroupSizeMiB, S3ExternalDestination.MaxRowGroupSizeMiB, nameof(definition.RowGroupSizeMiB), "row group"),
            definition.KmsKeyArn is { } key && !ArnRules.IsKmsKey(key)
                ? new(
                    nameof(definition.KmsKeyArn), $"\"{key}\" is not the ARN of a KMS key.",
                    "It has the form arn:aws:kms:region:account:key/id. A policy cannot use an alias of a key.")
                : null,
        ];
        return problems.OfType<DefinitionProblem>();
    }

    /// <summary>Finds the problems of the connection. A folder is allowed: engines on the same machine read it.</summary>
    public static IEnumerable<DefinitionProblem> CheckConnection(S3ExternalDestination definition, S3Connection connection)
    {
        if (connection.Anonymous)
        {
            yield return new(
                nameof(connection.Anonymous), $"The connection {connection.Name} is anonymous, so it cannot write tables.",
                "Use a connection with credentials that may write.");
        }
        if (definition.KmsKeyArn is { } key && connection.IsFolder)
        {
            yield return new(
                nameof(connection.EndpointUrl), $"The connection {connection.Name} is to a folder, which cannot encrypt with the key {key}.",
                "Leave out the key of the destination, or use a connection to a bucket.");
        }
    }

    /// <summary>Finds the problems of a feed's table. Its name becomes the name of a folder.</summary>
    public static IEnumerable<DefinitionProblem> CheckTable(S3ExternalDestination definition, string table, bool hasPartitions)
    {
        if (CheckTableName(table) is { } hint)
            yield return new("Table", $"A table on S3 cannot have the name \"{table}\".", hint);
        if (hasPartitions && definition.SpectrumManifest)
        {
            yield return new(
                "PartitionBy",
                $"The destination {definition.Name} keeps a manifest for Redshift Spectrum, which cannot say what partition a file belongs to.",
                "Leave PartitionBy out, or load into a destination without SpectrumManifest.");
        }
    }

    /// <summary>Returns what is wrong with the name of a table; null if it is valid.</summary>
    /// <remarks>Readers ignore files and folders whose names begin with _ or a dot, and read = as a partition.</remarks>
    public static string? CheckTableName(string table)
    {
        if (table.StartsWith('_') || table.StartsWith('.'))
            return "Readers ignore folders whose names begin with _ or a dot: choose another name.";
        if (table.AsSpan().ContainsAny(NotInFolders) || table.Any(char.IsControl))
            return "Leave out / \\ * ? $ = % # : < > | { } quotes and control characters: the table is a folder of that name.";
        if (table.StartsWith(' ') || table.EndsWith(' '))
            return "Leave out the space at its start or end.";
        return Encoding.UTF8.GetByteCount(table) > MaxTableBytes ? $"Use at most {MaxTableBytes} bytes of UTF-8." : null;
    }

    private static DefinitionProblem? CheckName(string connection) => string.IsNullOrWhiteSpace(connection)
        ? new(
            nameof(S3ExternalDestination.ConnectionName), "The connection is missing.",
            "Name a connection to the bucket of the tables that may write there.")
        : null;

    private static DefinitionProblem? CheckSize(int size, int max, string field, string what)
        => size < 1 || size > max ? new(field, $"A {what} cannot end at {size} MiB.", $"Give 1 to {max}.") : null;
}
