namespace PeakS3Feed.Formats;

/// <summary>The encoding of a feed's files.</summary>
public enum FileEncoding
{
    /// <summary>UTF-8, with or without a byte order mark.</summary>
    Utf8,

    /// <summary>Windows-1252. The bytes 81, 8D, 8F, 90 and 9D are not characters.</summary>
    Windows1252,

    /// <summary>ISO 8859-1. Each byte is a character.</summary>
    Latin1,

    /// <summary>UTF-16: little-endian, unless the byte order mark or, without one, the NUL bytes of ASCII characters show big-endian.</summary>
    Utf16,
}

/// <summary>How messages name encodings.</summary>
internal static class EncodingNames
{
    /// <summary>Returns, for example, <c>Windows-1252</c>.</summary>
    public static string Of(FileEncoding encoding) => encoding switch
    {
        FileEncoding.Windows1252 => "Windows-1252",
        FileEncoding.Latin1 => "Latin-1",
        FileEncoding.Utf16 => "UTF-16",
        _ => "UTF-8",
    };
}
