using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Store;

/// <summary>The definitions file and what stands around it: its backup, and the unreadable ones that were set aside.</summary>
/// <remarks>
/// The folder itself is the memory of what went wrong. A definitions file that is missing while a backup or a set-aside file is
/// there means that something was lost, and both reading and writing refuse until a person has put a file there again.
/// </remarks>
internal sealed class StoreFile(StorePaths paths, TimeProvider time, DefinitionFormat format, DefinitionReader reader, Action<SetAsideFile>? onSetAside)
{
    private const string Unreadable = ".unreadable-";
    private volatile Known? _known;
    private int _parses;

    /// <summary>How often the text of the definitions file was parsed.</summary>
    public int Parses => Volatile.Read(ref _parses);

    /// <summary>
    /// Reads the file without changing anything. Gives null where a file is missing that was there once, or cannot be read:
    /// another process may be about to replace it, so that is for the holder of the lock to decide.
    /// </summary>
    public async Task<StoreDefinitions?> TryLoadAsync(CancellationToken cancellationToken)
    {
        if (await BytesAsync(paths.DefinitionsFile, cancellationToken) is not { } bytes)
            return HasRemains() ? null : StoreDefinitions.Empty;
        // Reading a file is cheap and parsing is not. The text itself says whether it has changed; a time could be the same.
        if (_known is { } known && known.Text.AsSpan().SequenceEqual(bytes)) return known.Definitions;
        Interlocked.Increment(ref _parses);
        var parsed = reader.Read(bytes);
        if (parsed.Version.Major > FormatVersion.Current.Major) throw StoreErrors.TooNew(paths.DefinitionsFile, parsed.Version.ToString());
        if (parsed.IsReadable)
        {
            _known = new(bytes, parsed.Definitions);
            return parsed.Definitions;
        }

        // A newer minor version may use words that this one has not learned: its file is not broken and stays where it is.
        return parsed.Version > FormatVersion.Current ? throw StoreErrors.TooNew(paths.DefinitionsFile, parsed.Version.ToString()) : null;
    }

    /// <summary>Reads the file while holding the lock: sets it aside and refuses when it cannot be read.</summary>
    public async Task<StoreDefinitions> LoadAsync(CancellationToken cancellationToken)
    {
        if (await TryLoadAsync(cancellationToken) is { } loaded) return loaded;
        var file = paths.LinkedDefinitionsFile;
        if (File.Exists(file))
        {
            var path = FreeName();
            File.Move(file, path);
            DirectoryFlush.Flush(paths.ConfigDirectory);
            onSetAside?.Invoke(await DescribeAsync(path, cancellationToken));
        }

        throw await RefusalAsync(cancellationToken);
    }

    /// <summary>The backup as it stands, or null when there is none that can be read.</summary>
    public async Task<StoreDefinitions?> BackupAsync(CancellationToken cancellationToken)
        => await BytesAsync(paths.BackupFile, cancellationToken) is { } bytes
            ? reader.Read(bytes).Definitions
            : null;

    /// <summary>Replaces the file.</summary>
    public Task WriteAsync(StoreDefinitions definitions, CancellationToken cancellationToken)
        => AtomicFile.ReplaceAsync(paths.DefinitionsFile, paths.BackupFile, format.Write(definitions), cancellationToken);

    private async Task<FeedException> RefusalAsync(CancellationToken cancellationToken)
    {
        var backup = await BackupAsync(cancellationToken);
        var summary = backup is null
            ? null
            : $"{CountText.Format(backup.Connections.Count, "connection")}, {CountText.Format(backup.Feeds.Count, "feed")}, {CountText.Format(backup.Destinations.Count, "destination")}";
        return SetAside().Max(StringComparer.Ordinal) is { } latest
            ? StoreErrors.Unreadable(paths, await DescribeAsync(latest, cancellationToken), summary)
            : StoreErrors.Missing(paths, summary);
    }

    private async Task<SetAsideFile> DescribeAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(path, cancellationToken);
        var problem = bytes is not null && reader.Read(bytes).Problems is [var first, ..] ? first : null;
        return new(path, problem is null ? "it could not be read then" : Reason(problem));
    }

    private static string Reason(TextProblem problem)
        => $"{(problem.Position is { } position ? $"{position}" : problem.Path)}: {problem.Message.TrimEnd('.')}";

    private bool HasRemains() => File.Exists(paths.BackupFile) || SetAside().Any();

    private IEnumerable<string> SetAside() => Directory.Exists(paths.ConfigDirectory)
        ? Directory.EnumerateFiles(paths.ConfigDirectory, Path.GetFileName(paths.DefinitionsFile) + Unreadable + "*")
        : [];

    private string FreeName()
    {
        var name = paths.DefinitionsFile + Unreadable + time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return Enumerable.Range(1, int.MaxValue)
            .Select(n => n == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{n}"))
            .First(n => !File.Exists(n));
    }

    private static async Task<byte[]?> BytesAsync(string path, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var file = new FileStream(
                    path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
                await using (file)
                {
                    var bytes = new byte[file.Length];
                    await file.ReadExactlyAsync(bytes, cancellationToken);
                    return bytes;
                }
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
            catch (IOException error) when (SharingViolation.Matches(error) && attempt < 20)
            {
                // Only Windows: the file is being replaced at this moment.
                await Task.Delay(TimeSpan.FromMilliseconds(25), cancellationToken);
            }
        }
    }

    private sealed record Known(byte[] Text, StoreDefinitions Definitions);
}
