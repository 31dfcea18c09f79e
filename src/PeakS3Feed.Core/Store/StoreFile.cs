using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Store;

/// <summary>The definitions file, its backup, and unreadable files that were set aside.</summary>
/// <remarks>
/// The folder itself records that something went wrong. If the definitions file is missing while a backup or a set-aside file exists, definitions
/// were lost; reading and writing then fail until a person restores the file.
/// </remarks>
internal sealed class StoreFile(
    StorePaths paths, TimeProvider time, DefinitionFormat format, DefinitionReader reader, Action<SetAsideFile>? onSetAside)
{
    private const string Unreadable = ".unreadable-";
    private volatile ParsedText? _known;
    private int _parses;

    /// <summary>How often the definitions file was parsed.</summary>
    public int Parses => Volatile.Read(ref _parses);

    /// <summary>
    /// Reads the file without changing anything. Returns null if it cannot be read, or is missing although it existed before: another process may be
    /// replacing it, so the caller decides after it has locked the store.
    /// </summary>
    public async Task<StoreDefinitions?> TryLoadAsync(CancellationToken cancellationToken)
    {
        if (await ReadBytesAsync(paths.DefinitionsFile, cancellationToken) is not { } bytes)
            return HasLeftovers() ? null : StoreDefinitions.Empty;
        // Reading is cheap and parsing is not. The bytes are compared, because a changed file may have the same time.
        if (_known is { } known && known.Text.AsSpan().SequenceEqual(bytes)) return known.Definitions;
        Interlocked.Increment(ref _parses);
        var parsed = reader.Read(bytes);
        if (parsed.Version.Major > FormatVersion.Newest.Major) throw StoreErrors.TooNew(paths.DefinitionsFile, parsed.Version.ToString());
        if (parsed.IsReadable)
        {
            _known = new(bytes, parsed.Definitions);
            return parsed.Definitions;
        }

        // A file of a newer minor version may have values that this version does not know. It is not broken, so it stays.
        return !parsed.Version.IsKnown ? throw StoreErrors.TooNew(paths.DefinitionsFile, parsed.Version.ToString()) : null;
    }

    /// <summary>Reads the file while the store is locked. Sets an unreadable file aside and throws.</summary>
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

        throw await CreateErrorAsync(cancellationToken);
    }

    /// <summary>Reads the backup; null if it does not exist or cannot be read.</summary>
    public async Task<StoreDefinitions?> BackupAsync(CancellationToken cancellationToken)
        => await ReadBytesAsync(paths.BackupFile, cancellationToken) is { } bytes
            ? reader.Read(bytes).Definitions
            : null;

    /// <summary>Replaces the file.</summary>
    public Task WriteAsync(StoreDefinitions definitions, CancellationToken cancellationToken)
        => AtomicFile.ReplaceAsync(paths.DefinitionsFile, paths.BackupFile, format.Write(definitions), cancellationToken);

    private async Task<FeedException> CreateErrorAsync(CancellationToken cancellationToken)
    {
        var backup = await BackupAsync(cancellationToken);
        var summary = backup is null
            ? null
            : string.Join(
                ", ", CountText.Format(backup.Connections.Count, "connection"), CountText.Format(backup.Feeds.Count, "feed"),
                CountText.Format(backup.Destinations.Count, "destination"));
        return SetAside().Max(StringComparer.Ordinal) is { } latest
            ? StoreErrors.Unreadable(paths, await DescribeAsync(latest, cancellationToken), summary)
            : StoreErrors.Missing(paths, summary);
    }

    private async Task<SetAsideFile> DescribeAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await ReadBytesAsync(path, cancellationToken);
        var problem = bytes is not null && reader.Read(bytes).Problems is [var first, ..] ? first : null;
        return new(path, problem is null ? "it could not be read then" : Describe(problem));
    }

    private static string Describe(TextProblem problem)
        => $"{(problem.Position is { } position ? $"{position}" : problem.Path)}: {problem.Message.TrimEnd('.')}";

    private bool HasLeftovers() => File.Exists(paths.BackupFile) || SetAside().Any();

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

    private static async Task<byte[]?> ReadBytesAsync(string path, CancellationToken cancellationToken)
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
                // On Windows only: another process is replacing the file.
                await Task.Delay(TimeSpan.FromMilliseconds(25), cancellationToken);
            }
        }
    }

    private sealed record ParsedText(byte[] Text, StoreDefinitions Definitions);
}
