using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Store;

/// <summary>
/// The definitions of one user: a JSON file that several processes can read while one writes. A write is atomic, and keeps the previous version as
/// <c>definitions.json.bak</c>.
/// </summary>
public sealed class DefinitionStore
{
    /// <summary>How long a writer waits for another: 30 seconds.</summary>
    public static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly StoreFile _file;

    /// <summary>Creates an object for the store at these paths. Reads and writes nothing yet.</summary>
    /// <param name="paths">The location of the store.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="onSetAside">Is called when an unreadable file is set aside, before the error is thrown.</param>
    /// <param name="kinds">The kinds of destination that definitions may have; null for those of the core.</param>
    public DefinitionStore(StorePaths paths, TimeProvider? time = null, Action<SetAsideFile>? onSetAside = null, DestinationKinds? kinds = null)
        : this(paths, time, onSetAside, FormatMigration.All, kinds)
    {
    }

    internal DefinitionStore(
        StorePaths paths, TimeProvider? time, Action<SetAsideFile>? onSetAside, IReadOnlyList<FormatMigration> migrations,
        DestinationKinds? kinds = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Kinds = kinds ?? BuiltInDestinations.Kinds;
        Paths = paths;
        _time = time ?? TimeProvider.System;
        Format = DefinitionFormat.For(Kinds);
        _file = new(paths, _time, Format, new DefinitionReader(Format, migrations), onSetAside);
    }

    /// <summary>The location of the store.</summary>
    public StorePaths Paths { get; }

    /// <summary>The kinds of destination that definitions may have.</summary>
    public DestinationKinds Kinds { get; }

    /// <summary>How often the file was parsed. A text that has not changed is not parsed again.</summary>
    internal int Parses => _file.Parses;

    /// <summary>The format of its file.</summary>
    internal DefinitionFormat Format { get; }

    /// <summary>
    /// Creates what every store of the process needs to read definitions; the first <see cref="ReadAsync"/> does it otherwise. A program may call this on
    /// another thread when it starts. Reads no file.
    /// </summary>
    public static void Prepare() => DefinitionFormat.Default.TryRead(DefinitionFormat.Example);

    /// <summary>Reads all definitions; <see cref="StoreDefinitions.Empty"/> if none were ever written.</summary>
    /// <exception cref="FeedException">
    /// <c>StoreUnreadable</c>: the file could not be read and was set aside as <c>definitions.json.unreadable-TIME</c>, now or earlier; thrown until
    /// there is a <c>definitions.json</c> again. <c>StoreTooNew</c>, <c>StoreNotAccessible</c>; <c>StoreNotFound</c> if the paths come from
    /// <see cref="StorePaths.Existing"/>.
    /// </exception>
    public async Task<StoreDefinitions> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (Paths.MustExist) Paths.ThrowIfMissing();
        try
        {
            if (await _file.TryLoadAsync(cancellationToken) is { } loaded) return loaded;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.NotAccessible(Paths.DefinitionsFile, error);
        }

        return await LockedAsync(
            async () => await _file.LoadAsync(cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Reads the definitions without waiting for a lock and without setting anything aside; <see cref="StoreDefinitions.Empty"/> if they cannot be
    /// read. For callers that must not fail, such as the completion of names at a prompt.
    /// </summary>
    public async Task<StoreDefinitions> PeekAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _file.TryLoadAsync(cancellationToken) ?? StoreDefinitions.Empty;
        }
        catch (Exception error) when (error is FeedException or IOException or UnauthorizedAccessException)
        {
            return StoreDefinitions.Empty;
        }
    }

    /// <summary>
    /// Changes the definitions. The function gets the current ones and is called once, while no other process can write. When the task completes, its
    /// result is on disk. If it returns its argument, nothing is written. If the store's folder does not exist, the function is called once more
    /// beforehand, so that a change that fails creates no folder.
    /// </summary>
    /// <returns>The definitions after the change.</returns>
    /// <exception cref="FeedException">
    /// As <see cref="ReadAsync"/>; <c>StoreBusy</c> after <see cref="LockWait"/>; <c>NameInUse</c>, <c>FeedIdInUse</c>, <c>NameReserved</c>,
    /// <c>ConnectionNotFound</c>, <c>DestinationNotFound</c>, <c>ConnectionInUse</c>, <c>DestinationInUse</c>, <c>SecretReferenceInvalid</c>
    /// if the result is not consistent. Exceptions of the function are passed on (an I/O error as <c>StoreNotAccessible</c>). After an exception
    /// nothing is changed.
    /// </exception>
    public async Task<StoreDefinitions> UpdateAsync(Func<StoreDefinitions, StoreDefinitions> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (Paths.MustExist) Paths.ThrowIfMissing();
        return !Directory.Exists(Paths.ConfigDirectory) && ReferenceEquals(Checked(StoreDefinitions.Empty, update), StoreDefinitions.Empty)
            ? StoreDefinitions.Empty
            : await LockedAsync(() => UpdateLockedAsync(update, cancellationToken), cancellationToken);
    }

    /// <summary>The same for a function that also returns a result.</summary>
    internal async Task<T> UpdateAsync<T>(
        Func<StoreDefinitions, (StoreDefinitions Definitions, T Result)> update, CancellationToken cancellationToken)
    {
        T? result = default;
        await UpdateAsync(
            current =>
            {
                (current, result) = update(current);
                return current;
            },
            cancellationToken);
        return result!;
    }

    /// <summary>Makes all checks of <see cref="UpdateAsync{T}"/>, but writes nothing.</summary>
    internal async Task<T> CheckAsync<T>(Func<StoreDefinitions, (StoreDefinitions Definitions, T Result)> update, CancellationToken cancellationToken)
    {
        var current = await ReadAsync(cancellationToken);
        var (updated, result) = update(current);
        if (!ReferenceEquals(updated, current)) StoreIntegrity.Check(current, updated, Kinds);
        return result;
    }

    /// <summary>
    /// Restores <c>definitions.json.bak</c>, the version before the last change, after <c>StoreUnreadable</c>. If <c>definitions.json</c> is
    /// readable, it becomes the backup.
    /// </summary>
    /// <exception cref="FeedException"><c>StoreBackupUnreadable</c>: the backup does not exist or cannot be read.</exception>
    public Task<StoreDefinitions> RestoreBackupAsync(CancellationToken cancellationToken = default) => LockedAsync(
        async () =>
        {
            var backup = await _file.BackupAsync(cancellationToken) ?? throw StoreErrors.NoBackup(Paths);
            await _file.WriteAsync(backup, cancellationToken);
            return backup;
        },
        cancellationToken);

    /// <summary>
    /// Accepts the loss of the definitions after <c>StoreUnreadable</c>, and starts with an empty file. Files that were set aside and the backup
    /// stay.
    /// </summary>
    /// <returns>The definitions; unchanged if they can be read.</returns>
    public Task<StoreDefinitions> StartEmptyAsync(CancellationToken cancellationToken = default) => LockedAsync(
        async () =>
        {
            if (await _file.TryLoadAsync(cancellationToken) is { } loaded) return loaded;
            await _file.WriteAsync(StoreDefinitions.Empty, cancellationToken);
            return StoreDefinitions.Empty;
        },
        cancellationToken);

    private async Task<StoreDefinitions> UpdateLockedAsync(Func<StoreDefinitions, StoreDefinitions> update, CancellationToken cancellationToken)
    {
        var loaded = await _file.LoadAsync(cancellationToken);
        var updated = Checked(loaded, update);
        if (ReferenceEquals(updated, loaded)) return updated;
        await _file.WriteAsync(updated, cancellationToken);
        return updated;
    }

    private StoreDefinitions Checked(StoreDefinitions current, Func<StoreDefinitions, StoreDefinitions> update)
    {
        var updated = update(current);
        if (!ReferenceEquals(updated, current)) StoreIntegrity.Check(current, updated, Kinds);
        return updated;
    }

    private async Task<T> LockedAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            using var held = await FileLock.AcquireInTurnAsync(Paths.DefinitionsLock, LockWait, _time, cancellationToken)
                ?? throw StoreErrors.Busy(Paths.DefinitionsLock, LockWait);
            return await action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.NotAccessible(Paths.ConfigDirectory, error);
        }
    }
}
