namespace PeakS3Feed.Sources;

/// <summary>One version of one object, as listed.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key, unchanged; at most 1,024 bytes of UTF-8.</param>
/// <param name="ETag">The entity tag without its quotes. It identifies this version together with the size.</param>
/// <param name="Size">The size in bytes as stored, so of a compressed object the compressed size.</param>
/// <param name="LastModified">When this version was written, in UTC; in whole seconds on S3.</param>
/// <param name="Archived">Whether it is archived and not restored, so that a read would be refused.</param>
public sealed record SourceObject(string Bucket, string Key, string ETag, long Size, DateTimeOffset LastModified, bool Archived = false)
{
    /// <summary><c>s3://bucket/key</c>, for messages, rejects and the audit column.</summary>
    public string Uri => $"s3://{Bucket}/{Key}";

    /// <summary><see cref="Uri"/>.</summary>
    public override string ToString() => Uri;
}

/// <summary>Why an object does not belong to a feed.</summary>
public enum SkipReason
{
    /// <summary>Its name matches neither the file type nor the include globs. Plans do not list these objects.</summary>
    NotThisFileType,

    /// <summary>An exclude glob matches its name.</summary>
    Excluded,

    /// <summary>It was last modified before the feed's historical date.</summary>
    BeforeHistoricalDate,

    /// <summary>It only makes a folder visible in a console.</summary>
    FolderMarker,

    /// <summary>It is empty.</summary>
    Empty,

    /// <summary>It is archived and not restored.</summary>
    Archived,
}
