namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Damages files.</summary>
internal static class Mutator
{
    /// <summary>Some changes, one after the other.</summary>
    public static byte[] Mutate(byte[] bytes, byte[] other, Dice dice)
    {
        for (var times = dice.Between(1, dice.OneIn(4) ? 20 : 3); times > 0; times--)
            bytes = Change(bytes, other, dice);
        return bytes;
    }

    /// <summary>One change that keeps the length, or cuts: what happens to stored bytes.</summary>
    public static byte[] Damage(byte[] bytes, Dice dice)
    {
        if (bytes.Length == 0)
            return bytes;
        var at = dice.Between(0, bytes.Length - 1);
        switch (dice.Between(0, 6))
        {
            case 0 or 1:
                return Flip(bytes, at, dice);
            case 2:
                return bytes[..at];
            case 3:
                return bytes[..^Math.Min(bytes.Length, dice.Between(1, 12))];
            case 4:
                return [.. bytes, .. dice.OneIn(2) ? new byte[dice.Between(1, 200_000)] : Tokens.Any(dice)];
            case 5:
                return [.. bytes[..at], .. new byte[bytes.Length - at]];
            default:
                return Change(bytes, bytes, dice);
        }
    }

    private static byte[] Change(byte[] bytes, byte[] other, Dice dice)
    {
        var at = dice.Between(0, bytes.Length);
        var to = dice.Between(at, Math.Min(bytes.Length, at + dice.Pick(1, 4, 64, bytes.Length)));
        return dice.Between(0, 9) switch
        {
            0 when at < bytes.Length => Flip(bytes, at, dice),
            1 => [.. bytes[..at], .. bytes[to..]],
            2 => [.. bytes[..to], .. bytes[at..]],
            3 => [.. bytes[..at], .. other[Math.Min(at, other.Length)..]],
            4 when dice.OneIn(3) => bytes[..at],
            5 when at < bytes.Length => [.. bytes[..at], dice.Byte(), .. bytes[(at + 1)..]],
            _ => [.. bytes[..at], .. Tokens.Any(dice), .. bytes[at..]],
        };
    }

    private static byte[] Flip(byte[] bytes, int at, Dice dice)
    {
        var copy = bytes.ToArray();
        copy[at] ^= (byte)(1 << dice.Between(0, 7));
        return copy;
    }
}
