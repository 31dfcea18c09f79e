namespace PeakS3Feed.Sources;

/// <summary>What a part of a <see cref="Glob"/> stands for.</summary>
internal enum GlobTokenKind
{
    /// <summary>One character.</summary>
    Literal,

    /// <summary>Any one character but a slash.</summary>
    Any,

    /// <summary>One character of a class, never a slash.</summary>
    Class,

    /// <summary>Any number of characters, up to a slash. From here on, kinds stand for any number of characters.</summary>
    Name,

    /// <summary>Any number of characters.</summary>
    Everything,

    /// <summary>Any number of whole folders.</summary>
    Folders,
}
