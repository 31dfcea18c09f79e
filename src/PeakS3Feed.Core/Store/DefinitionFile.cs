namespace PeakS3Feed.Store;

/// <summary>Files that definitions are exported to and imported from.</summary>
public static class DefinitionFile
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="Errors.FeedException"><c>FileNotReadable</c>.</exception>
    public static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.FileNotReadable(path, error);
        }
    }

    /// <summary>Throws the error that <see cref="WriteAsync"/> would throw, as far as it is known before writing.</summary>
    /// <exception cref="Errors.FeedException"><c>FileExists</c>, <c>FileNotWritable</c>.</exception>
    public static void CheckWritable(string path, bool overwrite)
    {
        if (!overwrite && Path.Exists(path)) throw StoreErrors.FileExists(path);
        if (Directory.Exists(path)) throw StoreErrors.FileNotWritable(path, new IOException("it is a folder."));
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder))
            throw StoreErrors.FileNotWritable(path, new DirectoryNotFoundException($"there is no folder {folder}."));
    }

    /// <summary>Writes a document.</summary>
    /// <param name="path">The file.</param>
    /// <param name="document">The document.</param>
    /// <param name="overwrite">Whether to overwrite an existing file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException"><c>FileExists</c>, <c>FileNotWritable</c>.</exception>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> document, bool overwrite, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var file = new FileStream(path, overwrite ? FileMode.Create : FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await file.WriteAsync(document, cancellationToken);
        }
        catch (IOException) when (!overwrite && Path.Exists(path))
        {
            throw StoreErrors.FileExists(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.FileNotWritable(path, error);
        }
    }
}
