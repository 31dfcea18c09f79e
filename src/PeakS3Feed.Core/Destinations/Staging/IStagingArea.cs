namespace PeakS3Feed.Destinations.Staging;

/// <summary>
/// A place for staged files: a prefix of a bucket, or a folder. Names are relative to it, with <c>/</c> between their parts. A file is written once
/// and never changed. Safe for concurrent use.
/// </summary>
internal interface IStagingArea : IAsyncDisposable
{
    /// <summary>The place, for people: <c>s3://bucket/prefix/</c>, or a folder.</summary>
    string Location { get; }

    /// <summary>The region of the bucket; null where it is unknown or there is none.</summary>
    string? Region => null;

    /// <summary>The address of a file, as the engine that loads it is given it.</summary>
    string GetUri(string name);

    /// <summary>Begins a file. It exists only once it is completed. Disposing it before that discards it.</summary>
    IStagedFileWriter Create(string name);

    /// <summary>Opens a file to read it from its beginning.</summary>
    Task<Stream> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lists the files whose names begin with a prefix, in any order.</summary>
    IAsyncEnumerable<StagedFile> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes files. One that is gone already is no error.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken);
}

/// <summary>Writes one staged file. For one task at a time.</summary>
internal interface IStagedFileWriter : IAsyncDisposable
{
    /// <summary>Appends bytes, which may be reused once the call has returned.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Completes the file. Its content is then durable and visible.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);
}

/// <summary>A file of a staging area.</summary>
/// <param name="Name">Its name in the area.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="WrittenAt">When it was completed, by the clock of the place.</param>
internal sealed record StagedFile(string Name, long Bytes, DateTimeOffset WrittenAt);
