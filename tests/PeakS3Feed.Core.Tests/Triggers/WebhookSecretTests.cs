using PeakS3Feed.Triggers;

namespace PeakS3Feed.Tests.Triggers;

public class WebhookSecretTests
{
    [Fact]
    public void Only_the_secret_fits_its_hash()
    {
        var (secret, hash) = WebhookSecret.Create();
        var other = WebhookSecret.Create();
        Assert.True(WebhookSecret.Verify(secret, hash));
        Assert.All([other.Secret, secret + "x", secret[1..], secret.ToUpperInvariant(), "", null], s => Assert.False(WebhookSecret.Verify(s, hash)));
        Assert.DoesNotContain(secret, hash, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_fits_where_no_secret_was_made()
        => Assert.All([null, "", "sha256::", "sha256:AAAAAAAAAAAAAAAAAAAAAA:AAAA", "md5:a:b"], hash => Assert.False(WebhookSecret.Verify("", hash) || WebhookSecret.Verify(null, hash)));

    [Fact]
    public void The_same_secret_has_another_hash_each_time_and_ids_are_never_the_same()
    {
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => WebhookSecret.Create().Hash).Distinct().Count());
        var ids = Enumerable.Range(0, 100).Select(_ => WebhookSecret.NewId()).ToList();
        Assert.Equal(100, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(WebhookSecret.IsId(id)));
    }
}
