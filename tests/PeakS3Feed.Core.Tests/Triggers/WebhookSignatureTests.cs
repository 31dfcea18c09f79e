using System.Text;
using PeakS3Feed.Triggers.Webhooks;

namespace PeakS3Feed.Tests.Triggers;

public class WebhookSignatureTests
{
    private const string Key = "a key of our own";
    private const string Id = "msg_1";

    private static readonly DateTimeOffset Now = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"a": 1}""");

    // Computed with: printf '%s' 'msg_1.1740830400.{"a": 1}' | openssl dgst -sha256 -hmac 'a key of our own' -binary | base64
    [Fact]
    public void It_is_what_openssl_computes() => Assert.Equal("v1,uPwA/Dnbo6jCod0Hx0PcniMTlNQRKoukzZP4lNKgGuA=", WebhookSignature.Create(Key, Id, "1740830400", Body));

    [Fact]
    public void A_key_in_base64_is_taken_for_its_bytes()
        => Assert.Equal("v1,uPwA/Dnbo6jCod0Hx0PcniMTlNQRKoukzZP4lNKgGuA=", WebhookSignature.Create("whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(Key)), Id, "1740830400", Body));

    [Theory]
    [InlineData(0, true)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(-301, false)]
    [InlineData(301, false)]
    public void It_fits_for_five_minutes_either_way(int seconds, bool fits)
    {
        var timestamp = Stamp(seconds);
        Assert.Equal(fits, WebhookSignature.Verify(Key, Id, timestamp, WebhookSignature.Create(Key, Id, timestamp, Body), Body, Now));
    }

    [Fact]
    public void One_right_signature_among_several_is_enough()
        => Assert.True(WebhookSignature.Verify(Key, Id, Stamp(0), "v1,AAAA v2,x " + WebhookSignature.Create(Key, Id, Stamp(0), Body), Body, Now));

    [Fact]
    public void Another_key_id_or_body_does_not_fit()
    {
        var signature = WebhookSignature.Create(Key, Id, Stamp(0), Body);
        Assert.False(WebhookSignature.Verify("another", Id, Stamp(0), signature, Body, Now));
        Assert.False(WebhookSignature.Verify(Key, "msg_2", Stamp(0), signature, Body, Now));
        Assert.False(WebhookSignature.Verify(Key, Id, Stamp(1), signature, Body, Now));
        Assert.False(WebhookSignature.Verify(Key, Id, Stamp(0), signature, [.. Body, 32], Now));
    }

    [Fact]
    public void What_is_missing_or_odd_does_not_fit()
    {
        var signature = WebhookSignature.Create(Key, Id, Stamp(0), Body);
        Assert.False(WebhookSignature.Verify(Key, null, Stamp(0), signature, Body, Now));
        Assert.False(WebhookSignature.Verify(Key, Id, null, signature, Body, Now));
        Assert.False(WebhookSignature.Verify(Key, Id, Stamp(0), null, Body, Now));
        Assert.False(WebhookSignature.Verify(Key, Id, Stamp(0), "", Body, Now));
        Assert.False(WebhookSignature.Verify(Key, Id, "9223372036854775807", WebhookSignature.Create(Key, Id, "9223372036854775807", Body), Body, Now));
        Assert.False(WebhookSignature.Verify(Key, Id, "noon", WebhookSignature.Create(Key, Id, "noon", Body), Body, Now));
    }

    private static string Stamp(int seconds) => FormattableString.Invariant($"{Now.ToUnixTimeSeconds() + seconds}");
}
