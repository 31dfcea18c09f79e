using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Store;

/// <summary>
/// The definitions of one user: a JSON file that any number of processes read while one writes. Every write is whole or not
/// there at all, whatever happens in between, and keeps the version before it as <c>definitions.json.bak</c>.
/// </summary>
public sealed class DefinitionStore
{
    /// <summary>How long a writer waits for another: 30 seconds.</summary>
    public static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly StoreFile _file;

    /// <summary>Makes a store; nothing is read or made yet.</summary>
    /// <param name="paths">Where it lives.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="onSetAside">Told when a file that cannot be read is set aside, besides the error that follows.</param>
    /// <param name="kinds">The kinds of destination that its definitions may have; null for SQLite and PostgreSQL.</param>
    public DefinitionStore(StorePaths paths, TimeProvider? time = null, Action<SetAsideFile>? onSetAside = null, DestinationKinds? kinds = null)
        : this(paths, time, onSetAside, FormatMigration.All, kinds)
    {
    }

    internal DefinitionStore(
        StorePaths paths, TimeProvider? time, Action<SetAsideFile>? onSetAside, IReadOnlyList<FormatMigration> migrations, DestinationKinds? kinds = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Kinds = kinds ?? BuiltInDestinations.Kinds;
        Paths = paths;
        _time = time ?? TimeProvider.System;
        Format = DefinitionFormat.For(Kinds);
        _file = new(paths, _time, Format, new DefinitionReader(Format, migrations), onSetAside);
    }

    /// <summary>Where it lives.</summary>
    public StorePaths Paths { get; }

    /// <summary>The kinds of destination that its definitions may have.</summary>
    public DestinationKinds Kinds { get; }

    /// <summary>How often the text of the file was parsed: not again while it is the same.</summary>
    internal int Parses => _file.Parses;

    /// <summary>The format of its file.</summary>
    internal DefinitionFormat Format { get; }

    /// <summary>All definitions at this moment; <see cref="StoreDefinitions.Empty"/> where nothing was ever written.</summary>
    /// <exception cref="FeedException">
    /// <c>StoreUnreadable</c>: the file could not be read and was set aside as <c>definitions.json.unreadable-TIME</c>, now or
    /// earlier; it is thrown until there is a <c>definitions.json</c> again. <c>StoreTooNew</c>, <c>StoreNotAccessible</c>;
    /// <c>StoreNotFound</c> where <see cref="StorePaths.Existing"/> was asked for.
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
    /// The definitions as far as they can be had without waiting, changing or setting aside anything: <see cref="StoreDefinitions.Empty"/>
    /// where they cannot be read. For what must not fail, such as completing names at a prompt.
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
    /// Changes the definitions. The function gets those of this moment and is called once, while no other process can write;
    /// what it returns is on disk when the task ends. Returning what it got writes nothing. Where the store's folder is missing, the
    /// function is called once more beforehand, so that a change that fails makes no folder.
    /// </summary>
    /// <returns>The definitions as they are now.</returns>
    /// <exception cref="FeedException">
    /// As <see cref="ReadAsync"/>; <c>StoreBusy</c> after <see cref="LockWait"/>; <c>NameInUse</c>, <c>FeedIdInUse</c>, <c>NameReserved</c>,
    /// <c>ConnectionNotFound</c>, <c>DestinationNotFound</c>, <c>ConnectionInUse</c>, <c>DestinationInUse</c>, <c>SecretReferenceInvalid</c>
    /// when the result does not hold together. What the function throws comes through (an I/O error as
    /// <c>StoreNotAccessible</c>). Nothing is changed then.
    /// </exception>
    public async Task<StoreDefinitions> UpdateAsync(Func<StoreDefinitions, StoreDefinitions> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (Paths.MustExist) Paths.ThrowIfMissing();
        return !Directory.Exists(Paths.ConfigDirectory) && ReferenceEquals(Checked(StoreDefinitions.Empty, update), StoreDefinitions.Empty)
            ? StoreDefinitions.Empty
            : await LockedAsync(() => UpdateLockedAsync(update, cancellationToken), cancellationToken);
    }

    /// <summary>The same for a change that has something else to tell, too.</summary>
    internal async Task<T> UpdateAsync<T>(Func<StoreDefinitions, (StoreDefinitions Definitions, T Result)> update, CancellationToken cancellationToken)
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

    /// <summary>Makes a change as <see cref="UpdateAsync{T}"/> does, with all checks, and writes nothing.</summary>
    internal async Task<T> CheckAsync<T>(Func<StoreDefinitions, (StoreDefinitions Definitions, T Result)> update, CancellationToken cancellationToken)
    {
        var current = await ReadAsync(cancellationToken);
        var (updated, result) = update(current);
        if (!ReferenceEquals(updated, current)) StoreIntegrity.Check(current, updated, Kinds);
        return result;
    }

    /// <summary>
    /// Goes back to <c>definitions.json.bak</c>, the version before the last change, after <c>StoreUnreadable</c>. A readable
    /// <c>definitions.json</c> becomes the backup in turn.
    /// </summary>
    /// <exception cref="FeedException"><c>StoreBackupUnreadable</c>: there is none, or it cannot be read.</exception>
    public Task<StoreDefinitions> RestoreBackupAsync(CancellationToken cancellationToken = default) => LockedAsync(
        async () =>
        {
            var backup = await _file.BackupAsync(cancellationToken) ?? throw StoreErrors.NoBackup(Paths);
            await _file.WriteAsync(backup, cancellationToken);
            return backup;
        },
        cancellationToken);

    /// <summary>
    /// Accepts that the definitions are lost and starts from nothing, after <c>StoreUnreadable</c>. Set-aside files and a
    /// backup stay.
    /// </summary>
    /// <returns>The definitions as they are now: untouched where there were some to be read.</returns>
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
