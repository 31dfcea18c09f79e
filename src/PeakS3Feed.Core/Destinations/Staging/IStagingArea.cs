namespace PeakS3Feed.Destinations.Staging;

/// <summary>
/// A place for files: a prefix of a bucket, or a folder. Names are relative to it, with <c>/</c> between their parts. A file is written once and
/// never changed, except by <see cref="PutAsync"/>. Safe for concurrent use. A call that fails throws a <see cref="Errors.FeedException"/>.
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

    /// <summary>
    /// Creates a small file if no file has its name: with its whole content, or not at all. Of several writers of one name, one succeeds. On S3, this
    /// is a PUT with <c>If-None-Match: *</c>. A call whose answer is lost is repeated, so false may also mean that this very call created the file:
    /// the caller reads the file and compares.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="content">The content, held in memory; at most 5 GiB on S3.</param>
    /// <param name="cancellationToken">Cancels. After a cancellation, the file may exist.</param>
    /// <returns>False if a file has that name.</returns>
    Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Creates a small file, or replaces it. A reader finds either the old or the new content.</summary>
    /// <param name="name">The name.</param>
    /// <param name="content">The content, held in memory; at most 5 GiB on S3.</param>
    /// <param name="cancellationToken">Cancels. After a cancellation, the file may have either content.</param>
    Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads a whole small file into memory, at most 2 GiB.</summary>
    /// <returns>Null if no file has that name.</returns>
    Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reads bytes of a file from an offset.</summary>
    /// <param name="name">The name.</param>
    /// <param name="offset">The offset of the first byte, from 0.</param>
    /// <param name="buffer">Receives the bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The number of bytes: fewer than the buffer has only where the file ends; 0 from its end on.</returns>
    Task<int> ReadAtAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Lists the files whose names begin with a prefix, in any order.</summary>
    IAsyncEnumerable<StagedFile> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Lists the files whose names begin with a prefix, in the order of the bytes of UTF-8.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="after">Only names after this one are listed; empty for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    IAsyncEnumerable<StagedFile> ListAfterAsync(string prefix, string after, CancellationToken cancellationToken);

    /// <summary>Deletes files. One that is gone already is no error.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken);

    /// <summary>The same place, below a folder. It uses the clients of this one, so that only this one needs to be disposed.</summary>
    /// <param name="folder">The folder, which ends with <c>/</c>.</param>
    IStagingArea Below(string folder);
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

/// <summary>How files are written, and for what.</summary>
internal sealed record StagingOptions
{
    /// <summary>The ARN of the KMS key that S3 encrypts written files with; null for the bucket's own default. A folder ignores it.</summary>
    public string? KmsKeyArn { get; init; }

    /// <summary>Whether the files are tables of their own, and not staged for a warehouse: errors have other words then.</summary>
    public bool IsTable { get; init; }
}
