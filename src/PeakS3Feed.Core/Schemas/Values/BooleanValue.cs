using System.Buffers.Binary;

namespace PeakS3Feed.Schemas.Values;

/// <summary>Parses booleans: true and false in any case, nothing else.</summary>
internal static class BooleanValue
{
    private static readonly uint True = BinaryPrimitives.ReadUInt32LittleEndian("true"u8);
    private static readonly uint Fals = BinaryPrimitives.ReadUInt32LittleEndian("fals"u8);

    /// <summary>Parses a value; false when it is not a boolean.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out bool value)
    {
        value = false;
        if (utf8.Length is not (4 or 5))
            return false;
        // The bit that distinguishes upper from lower case changes no other byte into one of these letters.
        var lower = BinaryPrimitives.ReadUInt32LittleEndian(utf8) | 0x2020_2020;
        value = utf8.Length == 4 && lower == True;
        return value || (utf8.Length == 5 && lower == Fals && (utf8[4] | 0x20) == 'e');
    }
}
