using System.Text;

namespace PeakS3Feed.Schemas.Values;

/// <summary>Booleans: true and false in any case, nothing else.</summary>
internal static class BooleanValue
{
    /// <summary>Reads a value; false when it is neither.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out bool value)
    {
        value = utf8.Length == 4 && Ascii.EqualsIgnoreCase(utf8, "true"u8);
        return value || (utf8.Length == 5 && Ascii.EqualsIgnoreCase(utf8, "false"u8));
    }
}
