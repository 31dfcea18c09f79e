namespace PeakS3Feed.Sources;

/// <summary>One version of one object, as listed.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key, exactly; at most 1,024 bytes of UTF-8.</param>
/// <param name="ETag">The entity tag without its quotes; the identity of this version together with the size.</param>
/// <param name="Size">Bytes as stored (compressed, when it is).</param>
/// <param name="LastModified">When this version was written, UTC; whole seconds on S3.</param>
/// <param name="Archived">Whether it sits in an archive and has not been restored, so that a read would be refused.</param>
public sealed record SourceObject(string Bucket, string Key, string ETag, long Size, DateTimeOffset LastModified, bool Archived = false)
{
    /// <summary><c>s3://bucket/key</c>: the name used in messages, rejects and the audit column.</summary>
    public string Uri => $"s3://{Bucket}/{Key}";
}

/// <summary>Why an object is not part of a feed.</summary>
public enum SkipReason
{
    /// <summary>Its name fits neither the file type nor the include globs. Plans do not list these.</summary>
    NotThisFileType,

    /// <summary>An exclude glob matches its name.</summary>
    Excluded,

    /// <summary>It was last modified before the feed's historical date.</summary>
    BeforeHistoricalDate,

    /// <summary>It only makes a folder visible in a console.</summary>
    FolderMarker,

    /// <summary>It has no bytes.</summary>
    Empty,

    /// <summary>It sits in an archive and has not been restored.</summary>
    Archived,
}
