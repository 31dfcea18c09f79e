using PeakS3Feed.Files;

namespace PeakS3Feed.Tests.Files;

public class ReflectedCrcTests
{
    // The check values of the catalogue of CRC algorithms: of the digits from 1 to 9.
    [Fact]
    public void They_are_the_ones_of_the_catalogue()
    {
        Assert.Equal("CBF43926", Hex(ReflectedCrc.Crc32(), "123456789"u8));
        Assert.Equal("E3069283", Hex(ReflectedCrc.Crc32C(), "123456789"u8));
        Assert.Equal("AE8B14860A799888", Hex(ReflectedCrc.Crc64Nvme(), "123456789"u8));
    }

    // RFC 3720, B.4, and the vectors of the NVM command set specification; their bytes are given in the order of the wire.
    [Fact]
    public void They_are_the_ones_of_the_standards()
    {
        Assert.Equal("8A9136AA", Hex(ReflectedCrc.Crc32C(), new byte[32]));
        Assert.Equal("62A8AB43", Hex(ReflectedCrc.Crc32C(), Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal("6482D367EB22B64E", Hex(ReflectedCrc.Crc64Nvme(), new byte[4096]));
        Assert.Equal("C0DDBA7302ECA3AC", Hex(ReflectedCrc.Crc64Nvme(), Enumerable.Repeat((byte)0xFF, 4096).ToArray()));
    }

    [Fact]
    public void The_pieces_that_the_bytes_come_in_do_not_matter()
    {
        var random = new Random(20260502);
        var data = new byte[5000];
        random.NextBytes(data);
        foreach (var make in new[] { ReflectedCrc.Crc32, ReflectedCrc.Crc32C, ReflectedCrc.Crc64Nvme })
        {
            var (whole, pieces) = (make(), make());
            whole.Append(data);
            for (var at = 0; at < data.Length;)
            {
                var length = Math.Min(random.Next(40), data.Length - at);
                pieces.Append(data.AsSpan(at, length));
                at += length;
            }
            Assert.Equal(whole.Current(), pieces.Current());
        }
    }

    private static string Hex(ReflectedCrc crc, ReadOnlySpan<byte> data)
    {
        crc.Append(data);
        return Convert.ToHexString(crc.Current());
    }
}
