# The directors themselves.

data "aws_region" "current" {}

resource "aws_instance" "director" {
  for_each = var.directors

  ami                  = var.ami
  instance_type        = var.instance_type
  iam_instance_profile = aws_iam_instance_profile.director.name

  primary_network_interface {
    network_interface_id = aws_network_interface.director[each.key].id
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    encrypted   = true
    kms_key_id  = var.kms_key_arn
    volume_type = "gp3"
  }

  # Compressed, because EC2 takes no more than 16 KiB. No secret is in it.
  user_data_base64 = base64gzip(templatefile("${path.module}/user-data.sh.tftpl", {
    package           = var.package
    files             = merge({ "meridian.yaml" = each.value.config }, { for name, text in var.region_files : "regions/${name}" => text })
    aws_region        = data.aws_region.current.id
    secrets_parameter = aws_ssm_parameter.secrets.name
    boards_parameter  = one(aws_ssm_parameter.boards[*].name)
  }))

  tags        = merge(var.tags, { Name = each.key })
  volume_tags = merge(var.tags, { Name = each.key })

  depends_on = [aws_eip_association.director, aws_iam_role_policy.director]

  # One apply must never take down every name server at once: a director is renewed by name, with -replace.
  lifecycle {
    ignore_changes = [ami, user_data_base64]
  }
}
