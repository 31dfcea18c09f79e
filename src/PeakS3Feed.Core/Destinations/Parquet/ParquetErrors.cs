using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>The errors of reading and writing Parquet.</summary>
internal static class ParquetErrors
{
    /// <summary>The native library is missing, or is not for this platform.</summary>
    /// <param name="platform">The platform as a runtime identifier, for example <c>linux-musl-x64</c>.</param>
    /// <param name="inner">The failure of loading.</param>
    public static FeedException NotAvailable(string platform, Exception inner) => new(
        "ParquetNotAvailable",
        FeedErrorCategory.ResourceUnavailable,
        $"This platform ({platform}) cannot write or read Parquet: the native library of ParquetSharp could not be loaded.",
        inner)
    {
        Target = platform,
        Hint = "Run on Windows, macOS or a Linux with glibc (not Alpine), each on x64 or arm64, with the whole module or one that was built for this "
            + "platform.",
    };

    /// <summary>A file is not a Parquet file, or it is damaged.</summary>
    /// <param name="file">The file.</param>
    /// <param name="reason">What is wrong with it, as the end of a sentence.</param>
    /// <param name="inner">The exception of the library, or null.</param>
    public static FeedException FileDamaged(string file, string reason, Exception? inner = null) => new(
        "ParquetFileDamaged", FeedErrorCategory.InvalidData, $"The Parquet file {file} cannot be read: {reason}", inner)
    {
        Target = file,
        Hint = "Restore the file from a backup or an earlier version of the object, or remove it from the table with the program that wrote it.",
    };

    /// <summary>A column of a file has a type that the table's column cannot hold.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">The table's column.</param>
    /// <param name="type">The type in the file.</param>
    public static FeedException TypeUnreadable(string file, FeedColumn column, string type) => new(
        "ParquetTypeUnreadable",
        FeedErrorCategory.InvalidData,
        $"Column {column.Name} of the Parquet file {file} has the type {type}, which cannot be read as {column.TypeName}.")
    {
        Target = file,
        Hint = "Another program wrote this file. Let it write the column with the type of the table.",
    };

    /// <summary>A value of a file does not fit into the table's column.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">The table's column.</param>
    /// <param name="row">The row in the file, from 0.</param>
    /// <param name="reason">What is wrong with the value, as the end of a sentence.</param>
    public static FeedException ValueUnreadable(string file, FeedColumn column, long row, string reason) => new(
        "ParquetValueUnreadable",
        FeedErrorCategory.InvalidData,
        $"Column {column.Name} of the Parquet file {file} has in row {row} a value that cannot be read as {column.TypeName}: {reason}")
    {
        Target = file,
        Hint = "Another program wrote this file. Correct the value with it.",
    };
}
